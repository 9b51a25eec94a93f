import type { Encoding } from "#lib/otlp/wire/answers.ts";
import type { Decoded, Message } from "#lib/otlp/wire/fields.ts";
import { decodeJson } from "#lib/otlp/wire/json.ts";
import { decodeProtobuf } from "#lib/otlp/wire/protobuf.ts";

/** Decodes a message in either encoding, to the same. @throws DomainError validation, too-large */
export const decode = (bytes: Buffer, type: Message, encoding: Encoding): Decoded =>
  encoding === "json" ? decodeJson(bytes, type) : decodeProtobuf(bytes, type);

// Protobuf's wire format, as far as remote write needs it.

/** A whole number; a negative one as 64 bits. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}

const tag = (number: number, wireType: number) => varint(number * 8 + wireType);

/** A field of bytes: a text, or a message. */
export const bytesField = (number: number, bytes: Buffer | string): Buffer => {
  const data = Buffer.from(bytes as string);
  return Buffer.concat([Buffer.from([...tag(number, 2), ...varint(data.length)]), data]);
};

/** A field of a whole number. */
export const numberField = (number: number, value: number): Buffer =>
  Buffer.from([...tag(number, 0), ...varint(value)]);

/** A field of eight bytes: a double, as it lies in memory. */
export const doubleField = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(tag(number, 1)), bytes]);

import type { Transporter } from "nodemailer";
import type SMTPTransport from "nodemailer/lib/smtp-transport";
import { invalidField } from "#lib/errors.ts";
import { reasonOf } from "#lib/log.ts";
import { connectOutgoing } from "#lib/notify/outgoing.ts";

export type EmailImage = { cid: string; png: Uint8Array };

/** What a mail says; its images are named in the HTML by their cid. */
export type Email = { subject: string; html: string; text: string; images: EmailImage[] };

export type Envelope = { from: string; to: string; messageId: string; headers?: Record<string, string> };

/** A way to a mail server by its URL: smtp://user:password@host:587, or smtps:// for TLS from the start. */
export async function openTransport(url: string): Promise<Transporter> {
  const { default: nodemailer } = await import("nodemailer");
  return nodemailer.createTransport({
    url,
    connectionTimeout: 10_000,
    socketTimeout: 20_000,
    // No connection but by the guard.
    getSocket({ host = "localhost", port, secure }, callback) {
      const address = { host, port: Number(port ?? (secure ? 465 : 587)) };
      connectOutgoing(address, "administrator").then((connection) => callback(null, { connection }), callback);
    },
  } as SMTPTransport.Options);
}

/** Whether a mail server can be used. @throws DomainError validation where it does not answer, or refuses the account */
export async function verifyMailServer(url: string): Promise<void> {
  let transport: Transporter | undefined;
  try {
    transport = await openTransport(url);
    await transport.verify();
  } catch (error) {
    const message = `The mail server refused: ${reasonOf(error)}`;
    throw invalidField("url", message);
  } finally {
    transport?.close();
  }
}

/** Sends a mail. @throws Error with the server's words where it is refused */
export async function sendEmail(transport: Transporter, email: Email, envelope: Envelope): Promise<void> {
  const { subject, html, text, images } = email;
  const attachments = images.map(({ cid, png }) => ({
    cid,
    filename: `${cid}.png`,
    content: Buffer.from(png),
    contentType: "image/png",
  }));
  await transport.sendMail({ ...envelope, subject, html, text, attachments });
}

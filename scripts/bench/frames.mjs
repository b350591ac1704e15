// @ts-check
/** LSP's base protocol: JSON behind a header that says how long it is. */
import { Buffer } from 'node:buffer';

const headerEnd = '\r\n\r\n';

/**
 * One message as it goes over the pipe.
 * @param {object} message
 */
export function frame(message) {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}${headerEnd}`), body]);
}

/**
 * Cuts what comes out of a pipe into messages.
 * @param {(body: Buffer) => void} onBody called with the JSON of each message, not parsed yet
 * @returns {(chunk: Buffer) => void} to be called with each piece as it arrives
 */
export function frameReader(onBody) {
  /** @type {Buffer[]} */
  let chunks = [];
  let size = 0;
  /** With fewer bytes than these there is nothing to do; long messages are put together once, not with each piece. */
  let wanted = 1;
  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    while (size >= wanted) {
      const all = Buffer.concat(chunks, size);
      chunks = [all];
      const end = all.indexOf(headerEnd);
      if (end < 0) {
        wanted = size + 1;
        return;
      }
      const header = all.toString('latin1', 0, end);
      const length = /^content-length: *(\d+)/im.exec(header)?.[1];
      if (length === undefined) throw new Error(`A message without a length: ${header.slice(0, 200)}`);
      const start = end + headerEnd.length;
      const next = start + Number(length);
      if (size < next) {
        wanted = next;
        return;
      }
      chunks = [all.subarray(next)];
      size -= next;
      wanted = 1;
      onBody(all.subarray(start, next));
    }
  };
}

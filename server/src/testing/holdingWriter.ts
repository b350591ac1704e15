import { AbstractMessageWriter, type Message, type MessageWriter } from 'vscode-languageserver/node';

/** Writes messages at once, or holds them back to write several in one piece. */
export class HoldingWriter extends AbstractMessageWriter implements MessageWriter {
  private readonly stream: NodeJS.WritableStream;
  private held: string[] | undefined;

  constructor(stream: NodeJS.WritableStream) {
    super();
    this.stream = stream;
  }

  write(message: Message): Promise<void> {
    const body = JSON.stringify(message);
    const text = `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    if (this.held) this.held.push(text);
    else this.stream.write(text);
    return Promise.resolve();
  }

  end(): void {
    // The stream belongs to the process.
  }

  /** Writes all messages that a function sends in one piece. */
  together<T>(send: () => T): T {
    this.held = [];
    const result = send();
    this.stream.write(this.held.join(''));
    this.held = undefined;
    return result;
  }
}

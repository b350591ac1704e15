import {
  CloseAction,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  State,
} from 'vscode-languageclient/node';

/**
 * A language client that shows no notifications of its own. The library words its messages in terms of
 * connections and requests and shows one per attempt; this one logs them all, and calls `onFailure`, once,
 * when there is no server any more.
 */
export class QuietLanguageClient extends LanguageClient {
  readonly #onFailure: () => void;
  #failureMatters = true;

  constructor(
    id: string,
    name: string,
    serverOptions: ServerOptions,
    clientOptions: LanguageClientOptions,
    onFailure: () => void,
  ) {
    super(id, name, serverOptions, clientOptions);
    this.#onFailure = onFailure;
  }

  /** Where the library reports every error; `'force'` marks those that leave the user without a server. */
  override error(message: string, data?: unknown, showNotification?: boolean | 'force'): void {
    super.error(message, data, false);
    if (showNotification !== 'force' || !this.#failureMatters) return;
    this.#failureMatters = false;
    this.#onFailure();
  }

  override createDefaultErrorHandler(maxRestartCount?: number): ErrorHandler {
    const standard = super.createDefaultErrorHandler(maxRestartCount);
    return {
      // A broken message that the server survives is for the log only.
      error: async (...details) => {
        const result = await standard.error(...details);
        return { ...result, handled: result.action === ErrorAction.Continue };
      },
      // A server that crashed at work is restarted, but not one that died before it answered: it would die again.
      closed: () =>
        this.state === State.Starting
          ? { action: CloseAction.DoNotRestart, handled: true }
          : standard.closed(),
    };
  }

  /** Ends the server's process for good. What goes wrong meanwhile is logged and bothers nobody. */
  async retire(): Promise<void> {
    this.#failureMatters = false;
    // Rejects for a client that is not up yet; its process is ended all the same.
    await this.dispose().catch(() => undefined);
  }
}

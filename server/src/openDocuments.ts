import { createHash } from 'node:crypto';
import {
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type Diagnostic,
  type TextDocuments,
} from 'vscode-languageserver';
import type { Arrivals } from './arrivals';
import type { LanguageService, OpenDocument, Part, Settings, Snapshot } from './languageService';

/** What was found in a document. Equal findings have equal ids, in whatever version of whatever document. */
export interface Findings {
  readonly id: string;
  readonly diagnostics: Diagnostic[];
}

/** What the documents are looked at with. */
export interface Surroundings {
  readonly documents: Pick<TextDocuments<OpenDocument>, 'get' | 'keys'>;
  readonly arrivals: Arrivals;
  /** Undefined until the client has said what it can take. */
  readonly service: () => LanguageService | undefined;
  /** Asks for the settings that hold for a document. */
  readonly askSettings: (uri: string) => Promise<Settings>;
  readonly workspace: Workspace;
}

/** What is known of a document's surroundings. */
export interface Workspace {
  /** Resolves when as much is known as is to be waited for. */
  settled(): Promise<void>;
  /** The values in a document with the stacks that they are deployed in; undefined where it is deployed by itself. */
  partsOf(uri: string): readonly Part[] | undefined;
  /** A file that is not open; undefined where nothing is known of it. */
  document(uri: string): OpenDocument | undefined;
}

/** What was seen of a document, and what it was seen as a part of. */
interface Look {
  readonly parts: readonly Part[] | undefined;
  readonly settings: Settings;
  readonly snapshot: Snapshot;
}

/** The documents that the client has open, with their settings and what was seen in them. */
export class OpenDocuments {
  private readonly surroundings: Surroundings;
  /** What was seen in each version of a document that is still there, with the present settings. */
  private looks = new WeakMap<OpenDocument['values'], Look>();
  private readonly findings = new WeakMap<Snapshot, Findings>();
  /** What the client was asked for; replaced, never changed, so that an answer can tell that it came too late. */
  private readonly settings = new Map<string, Promise<Settings>>();

  constructor(surroundings: Surroundings) {
    this.surroundings = surroundings;
  }

  /** The addresses of all of them. */
  uris(): string[] {
    return this.surroundings.documents.keys();
  }

  /** The newest version of a document that the client has told of; undefined when it is not open. */
  versionOf(uri: string): number | undefined {
    return this.surroundings.documents.get(uri)?.version;
  }

  /**
   * Looks at the newest version of a document, after its settings are known and all messages that have arrived are
   * handled. What comes after that in one go with it is done before any other message is handled.
   * @param uri The document's address.
   * @param refuse Called right before looking; what it throws is thrown, and nothing is done.
   * @returns Undefined when the document is not open, or was closed meanwhile.
   */
  async look(uri: string, refuse?: () => void): Promise<Snapshot | undefined> {
    const { documents, arrivals, workspace } = this.surroundings;
    while (documents.get(uri)) {
      const asked = this.settingsFor(uri);
      const settings = await asked;
      await workspace.settled();
      await arrivals.giveWay();
      // The settings changed, or the document was closed and opened again, while the client answered.
      if (this.settings.get(uri) !== asked) continue;
      const document = documents.get(uri);
      if (!document) return undefined;
      refuse?.();
      return this.lookAt(document, settings);
    }
    return undefined;
  }

  /** Looks at a file that is not open, as it is on disk; undefined where it is open, or nothing is known of it. */
  async lookAtClosed(uri: string): Promise<Snapshot | undefined> {
    const { documents, workspace } = this.surroundings;
    const settings = await this.settingsFor(uri);
    const document = documents.get(uri) ? undefined : workspace.document(uri);
    return document && this.lookAt(document, settings);
  }

  private lookAt(document: OpenDocument, settings: Settings): Snapshot | undefined {
    const { service, workspace } = this.surroundings;
    const parts = workspace.partsOf(document.uri);
    const known = this.looks.get(document.values);
    const isSame =
      known?.parts === parts &&
      known?.settings === settings &&
      known.snapshot.uri === document.uri &&
      known.snapshot.version === document.version;
    if (known && isSame) return known.snapshot;
    const snapshot = service()?.look(document, settings, parts);
    if (snapshot) this.looks.set(document.values, { parts, settings, snapshot });
    return snapshot;
  }

  /** The findings in what was seen of a document. */
  findingsIn(snapshot: Snapshot): Findings {
    const known = this.findings.get(snapshot);
    if (known) return known;
    const diagnostics = this.surroundings.service()?.diagnostics(snapshot) ?? [];
    const id = createHash('sha256').update(JSON.stringify(diagnostics)).digest('base64url');
    const findings = { id, diagnostics };
    this.findings.set(snapshot, findings);
    return findings;
  }

  /** To be called when a document was closed. */
  forget(uri: string): void {
    this.settings.delete(uri);
  }

  /** To be called when the settings may have changed. */
  forgetSettings(): void {
    this.settings.clear();
    this.looks = new WeakMap();
  }

  private settingsFor(uri: string): Promise<Settings> {
    const known = this.settings.get(uri);
    if (known) return known;
    const asked = this.surroundings.askSettings(uri);
    this.settings.set(uri, asked);
    return asked;
  }
}

/** Answers a request with the error that says so if the client has cancelled it. */
export function refuseIfCancelled(token: CancellationToken): void {
  if (token.isCancellationRequested)
    throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}

/** What the log says of something that was thrown. */
export function detailsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

import type { Memento, Uri } from 'vscode';
import type { StacksResult } from '../../server/src/workspace/protocol';
import type { LanguageServer } from './languageServer';

/** Where a workspace's choices are kept. */
const key = 'airflowTokenVolume.chosenStacks';

/** The stacks of documents, with those first that the user chose. */
export interface ChosenStacks {
  /** As {@link LanguageServer.stacks}. */
  of(document: Uri): Promise<StacksResult | undefined>;
  /** Chooses a stack of a document, in this session and later ones. */
  choose(document: Uri, name: string): Promise<void>;
}

/**
 * Remembers the user's choices. The server forgets them when it ends, so it is told again whenever it puts another stack
 * first.
 * @param server The language server.
 * @param memory What is kept for the workspace.
 */
export function rememberChosenStacks(
  server: Pick<LanguageServer, 'stacks' | 'chooseStack'>,
  memory: Memento,
): ChosenStacks {
  const choices = (): Readonly<Record<string, string>> => memory.get(key, {});

  async function of(document: Uri): Promise<StacksResult | undefined> {
    const found = await server.stacks(document);
    const chosen = choices()[document.toString()];
    if (!found || chosen === undefined || found[0]?.name === chosen) return found;
    // Its stack may be gone for now, say on another branch.
    if (!found.some(({ name }) => name === chosen)) return found;
    await server.chooseStack(document, chosen);
    return server.stacks(document);
  }

  async function choose(document: Uri, name: string): Promise<void> {
    await memory.update(key, { ...choices(), [document.toString()]: name });
    await server.chooseStack(document, name);
  }

  return { of, choose };
}

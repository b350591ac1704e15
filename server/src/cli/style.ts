import type { Severity } from '../languageService';
import type { TextStream, Environment } from './environment';

type Paint = (text: string) => string;

/** Colours by what they are for. Without a terminal to show them, each leaves its text as it is. */
export interface Style {
  readonly severity: Readonly<Record<Severity, Paint>>;
  readonly strong: Paint;
  readonly faint: Paint;
  readonly gutter: Paint;
  readonly added: Paint;
  readonly removed: Paint;
  readonly code: Paint;
}

/**
 * The colours for an stream: on a terminal, unless NO_COLOR is set or the terminal is dumb, and wherever FORCE_COLOR
 * asks for them.
 * @param stream Where the text will go.
 * @param env The environment.
 */
export function styleFor(stream: TextStream, env: Environment['env']): Style {
  return hasColours(stream, env) ? coloured : plain;
}

function hasColours(stream: TextStream, env: Environment['env']): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: terminal } = env;
  // As in Node: what is forced overrides what is refused, and an empty NO_COLOR refuses nothing.
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (refused !== undefined && refused !== '') return false;
  return stream.isTerminal && terminal !== 'dumb';
}

// styleText of node:util came with Node 20.12; these few codes keep 20.0 working.
function paint(...codes: readonly number[]): Paint {
  return (text) => (text === '' ? text : `\u001B[${codes.join(';')}m${text}\u001B[0m`);
}

const asIs: Paint = (text) => text;

const coloured: Style = {
  severity: { error: paint(1, 31), warning: paint(1, 33), information: paint(1, 34), hint: paint(1, 36) },
  strong: paint(1),
  faint: paint(2),
  gutter: paint(34),
  added: paint(32),
  removed: paint(31),
  code: paint(36),
};

const plain: Style = {
  severity: { error: asIs, warning: asIs, information: asIs, hint: asIs },
  strong: asIs,
  faint: asIs,
  gutter: asIs,
  added: asIs,
  removed: asIs,
  code: asIs,
};

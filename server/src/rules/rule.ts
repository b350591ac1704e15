import type { TextEdit } from '../values/edit';
import type { TextRange } from '../values/tree';
import type { IgnoreComment } from './ignores';
import type { RelatedPlace, Subject, Subjects } from './subject';

/** How much a finding matters, in LSP's terms. */
export type Severity = (typeof severities)[number];

/** Every severity, the gravest first. */
export const severities = ['error', 'warning', 'information', 'hint'] as const;

/** One way to resolve a finding. */
export interface Fix {
  /** What it does, as an imperative sentence without a full stop. */
  readonly title: string;
  /** Whether it is the one that most users want. */
  readonly preferred?: boolean;
  /** Whether it may be applied without being looked at; never true of one that changes who holds a token. */
  readonly safe?: boolean;
  /**
   * The top-level key that it is offered for, where it changes others too: edits to those are shown to the user
   * before they are applied.
   */
  readonly confirmBeyond?: string;
  /** The edits; undefined when the text does not allow them to be made with certainty. */
  readonly edits: () => TextEdit[] | undefined;
}

/** Something that a rule has to say about a piece of the text. */
export interface Finding {
  /** The smallest telling piece of text. */
  readonly range: TextRange;
  /** The consequence, the cause and the way out, in one or two sentences. */
  readonly message: string;
  /** Where it differs from the rule's own. */
  readonly severity?: Severity;
  /** Whether the marked text has no effect and can be shown faded. */
  readonly unnecessary?: boolean;
  /** Other places that have a part in it. */
  readonly related?: readonly RelatedPlace[];
  readonly fixes: readonly Fix[];
}

/** What a rule's page under docs/rules/ says. */
export interface RuleDocumentation {
  /** What the rule reports, in one sentence without a full stop. */
  readonly summary: string;
  /** Why it matters, with what the chart does; Markdown. */
  readonly why: string;
  /** Values that it reports. */
  readonly wrong: string;
  /** The same, mended. */
  readonly right: string;
  /** The chart's version that the two examples are for, where it is not the newest. */
  readonly chartVersion?: string;
  /** What the quick fixes do; Markdown. */
  readonly fix: string;
}

/** A rule: its name, how much it matters, what it is about and how it is checked. */
export interface Rule {
  /** Its stable name, which is also the name of its file, of its page and of its fixture. */
  readonly code: string;
  readonly severity: Severity;
  /** Whether it says nothing unless the user's settings give it a severity. */
  readonly offByDefault?: boolean;
  readonly documentation: RuleDocumentation;
  /** Judges a subject; says only what is certain. */
  readonly check: (subject: Subject) => readonly Finding[];
  /** Judges the comments that ignore findings, once those of all other rules are known. */
  readonly review?: (subjects: Subjects, verdict: Verdict) => readonly Finding[];
}

/** What the other rules had to say, for a rule that judges ignore comments. */
export interface Verdict {
  readonly ignores: readonly IgnoreComment[];
  /** The codes of all rules. */
  readonly codes: readonly string[];
  /** Says whether a rule was run to its end, so that it is known what it finds; not so when it is switched off. */
  readonly isJudged: (code: string) => boolean;
  /** The codes of what is found on the line that begins at an offset, ignored or not. */
  readonly foundOn: (line: number) => readonly string[];
}

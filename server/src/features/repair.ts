import { migrateFile, migrateHost, mountNoToken } from '../rules/migration';
import type { Fix } from '../rules/rule';
import { isOn, type HostView, type Subject } from '../rules/subject';
import type { TextEdit } from '../values/edit';
import { safeFixes, type MadeFix } from './codeActions';
import type { Snapshot } from './snapshot';

/** Edits that can be made together, and what they do. */
export interface Repair {
  /** What was done, as the titles of the fixes; one title for each time that a fix is made. */
  readonly titles: readonly string[];
  /** The edits, none of which touches another. */
  readonly edits: readonly TextEdit[];
}

/** The rule whose fix puts the chart's token volume in place of one that was made by hand. */
const handmadeRule = 'handmade-token-volume';

/**
 * The next step of fixing a document without anybody looking on: every safe fix, and once there is none left, the
 * migration where it is asked for. What a step makes possible is found by looking at its result.
 * @param snapshot The document.
 * @param migrate Whether to migrate from automatic mounting to manual token volumes as well.
 * @returns What to do; undefined when nothing is left to do.
 */
export function nextRepair(snapshot: Snapshot, migrate: boolean): Repair | undefined {
  const safe = safeFixes(snapshot);
  if (safe.length > 0) return stepOf(safe);
  return migrate ? migration(snapshot) : undefined;
}

function stepOf(fixes: readonly MadeFix[]): Repair {
  return { titles: fixes.map(({ title }) => title), edits: fixes.flatMap(({ edits }) => edits) };
}

function migration(snapshot: Snapshot): Repair | undefined {
  const { subject } = snapshot;
  if (!subject) return undefined;
  const handmade = snapshot
    .findings()
    .filter(({ rule }) => rule.code === handmadeRule)
    .flatMap(({ finding }) => finding.fixes.find(({ preferred }) => preferred) ?? []);
  const hosts = subject.hosts.filter((host) => isToMigrate(subject, host));
  return firstThatCanBeMade([
    ...handmade,
    ...hosts.map((host) => migrateFile(subject, host)),
    ...hosts.flatMap((host) => [...mountNoToken(subject, host), ...migrateHost(subject, host)]),
  ]);
}

/**
 * Says whether a component holds a token that was mounted automatically, and this file is the one to say so: one that
 * has keys for the component, or chooses the executor. Of the several files of an installation others only add to it.
 */
function isToMigrate(subject: Subject, { name, automount, exposure }: HostView): boolean {
  const isHere = subject.placeOf(name) !== undefined || subject.placeOf('executor') !== undefined;
  return isHere && isOn(automount) && exposure?.rendered === true;
}

function firstThatCanBeMade(fixes: readonly Fix[]): Repair | undefined {
  for (const { title, edits } of fixes) {
    const made = edits();
    if (made && made.length > 0) return { titles: [title], edits: made };
  }
  return undefined;
}

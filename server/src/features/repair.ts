import { migrateFile, migrateHost, mountNoToken } from '../rules/migration';
import { isOn, type HostView, type Subject } from '../rules/subject';
import type { TextEdit } from '../values/edit';
import { safeFixes, type MadeFix } from './codeActions';
import { toFileEdit, toOffsets } from './ranges';
import type { PartSnapshot, Snapshot } from './snapshot';

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
  for (const part of snapshot.parts) {
    const safe = safeFixes(part);
    const repair = safe.length > 0 ? stepOf(snapshot, part, safe) : undefined;
    if (repair) return repair;
  }
  if (!migrate) return undefined;
  for (const part of snapshot.parts) {
    const repair = migration(snapshot, part);
    if (repair) return repair;
  }
  return undefined;
}

/** The edits as those of the document; undefined where one of them is in another file. */
function stepOf(
  { values }: Snapshot,
  { excerpt }: PartSnapshot,
  fixes: readonly MadeFix[],
): Repair | undefined {
  const edits: TextEdit[] = [];
  for (const edit of fixes.flatMap((fix) => fix.edits)) {
    const inFile = edit.layer ? undefined : toFileEdit(excerpt, edit);
    if (!inFile) return undefined;
    edits.push({ range: toOffsets(values, inFile.range), newText: inFile.newText });
  }
  return { titles: fixes.map(({ title }) => title), edits };
}

function migration(snapshot: Snapshot, part: PartSnapshot): Repair | undefined {
  const handmade = part
    .findings()
    .filter(({ rule }) => rule.code === handmadeRule)
    .flatMap(({ finding }) => finding.fixes.find(({ preferred }) => preferred) ?? []);
  const fixes = part.subjects.flatMap((subject) => {
    const hosts = subject.hosts.filter((host) => isToMigrate(subject, host));
    return [
      ...hosts.map((host) => migrateFile(subject, host)),
      ...hosts.flatMap((host) => [...mountNoToken(subject, host), ...migrateHost(subject, host)]),
    ];
  });
  for (const { title, edits } of [...handmade, ...fixes]) {
    const made = edits();
    const repair = made && made.length > 0 ? stepOf(snapshot, part, [{ title, edits: made }]) : undefined;
    if (repair) return repair;
  }
  return undefined;
}

/**
 * Says whether a component holds a token that was mounted automatically, and this file is the one to say so: one that
 * has keys for the component, or chooses the executor. Of the several files of an installation others only add to it.
 */
function isToMigrate(subject: Subject, { name, automount, exposure }: HostView): boolean {
  const isHere = subject.placeOf(name) !== undefined || subject.placeOf('executor') !== undefined;
  return isHere && isOn(automount) && exposure?.rendered === true;
}

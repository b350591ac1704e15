import { pathIn, type Repository, type Snapshot, type StackPlan } from './languageService';
import { canonical } from './workspace/fileSystem';
import type { StackStatus } from './workspace/protocol';

/**
 * What a person is told of the stacks that a document has a part in.
 * @param snapshot What was seen of the document.
 * @param repository The repository that it is in.
 * @returns The chosen stack first; null where the document holds no values for the chart.
 */
export function statusOf(snapshot: Snapshot, repository: Repository | undefined): StackStatus[] | null {
  if (snapshot.parts.length === 0) return null;
  const plans = repository?.stacksOf(canonical(snapshot.uri)) ?? [];
  const pathOf = (uri: string): string => (repository && pathIn(repository.folder, uri)) ?? uri;
  const seen = new Set<string>();
  return snapshot.parts.flatMap(({ subjects }) =>
    subjects.flatMap((subject): StackStatus[] => {
      const name = subject.stack?.name ?? null;
      // Several parts of one file may belong to the same stack.
      if (name !== null && seen.size === seen.add(name).size) return [];
      const plan: StackPlan | undefined = plans.find((known) => known.name === name);
      const containers = subject.expose()?.flatMap((workload) => workload.containers);
      return [
        {
          name,
          origin: plan?.origin ?? null,
          originPath: plan ? pathOf(plan.uri) : null,
          originUri: plan?.uri ?? null,
          layers: subject.stack?.layers.map(({ uri }) => pathOf(uri)) ?? [pathOf(snapshot.uri)],
          chart: subject.settings.release.version,
          chartFrom: plan?.version ? { text: plan.version.text, path: pathOf(plan.version.uri) } : null,
          executor: subject.executor ?? null,
          containers: containers?.length ?? null,
          holding:
            containers?.filter(({ automounted, projected }) => automounted || projected.length > 0).length ??
            null,
        },
      ];
    }),
  );
}

import * as l10n from '@vscode/l10n';
import { grantsSchedulerPods, schedulesPods } from '../chart/executors';
import { mayReachApi } from '../chart/exposure';
import { isTruthy } from '../chart/templateValues';
import { setValueIn } from './changes';
import type { Rule } from './rule';
import { executorPlace, isOn, mainContainer, valueOrKey, type HostView, type Subject } from './subject';
import { listOf } from './words';

export const rbacDisabled: Rule = {
  code: 'rbac-disabled',
  severity: 'information',
  documentation: {
    summary: 'A token without rights: the chart binds no Role to the account that needs one',
    why: `A token says who somebody is, not what they may do. With \`rbac.create: false\` the chart renders neither the Role with which the scheduler starts and watches the pods of tasks, nor the one with which the cleanup job lists and deletes them. Their tokens are mounted all the same, and the API server answers 403 unless somebody binds a Role by hand.

Nothing is reported for a component with an account of your own (\`serviceAccount.create: false\` with a \`name\`), whose rights are surely made by hand too, and for the scheduler while \`allowPodLaunching\` is off.`,
    wrong: `executor: KubernetesExecutor
rbac:
  create: false
`,
    right: `executor: KubernetesExecutor
rbac:
  create: true
`,
    fix: `**Let the chart create the Roles.** If you bind them yourself, leave it off.`,
  },
  check: (subject) => {
    const path = ['rbac', 'create'];
    const create = subject.read(...path);
    const found = subject.find(...path);
    if (found.state !== 'set' || create.state !== 'file' || isTruthy(create.value)) return [];
    const powerless = subject.hosts.filter((host) => holdsToken(subject, host) && wouldGrant(subject, host));
    if (powerless.length === 0) return [];
    const owners = listOf(powerless.map(({ component }) => component.title));
    return [
      {
        range: valueOrKey(found.entry),
        message:
          powerless.length > 1
            ? l10n.t(
                'The tokens of {0} have no rights: with rbac.create off the chart binds no Role for handling pods. Bind one by hand, or turn it on.',
                owners,
              )
            : l10n.t(
                'The token of {0} has no rights: with rbac.create off the chart binds no Role for handling pods. Bind one by hand, or turn it on.',
                owners,
              ),
        related: executorPlace(subject),
        fixes: [
          {
            title: l10n.t('Let the chart create the Roles (rbac.create: true)'),
            preferred: true,
            edits: () => setValueIn(subject, path, true),
          },
        ],
      },
    ];
  },
};

/** Says whether a host has a token of an account that is the chart's. */
function holdsToken(subject: Subject, host: HostView): boolean {
  const { exposure } = host;
  const main = mainContainer(host);
  if (!exposure?.rendered || !main || !mayReachApi(main)) return false;
  const create = subject.read(host.name, 'serviceAccount', 'create');
  const name = subject.read(host.name, 'serviceAccount', 'name');
  if (create.state === 'unknown' || name.state === 'unknown') return false;
  return isTruthy(create.value) || !isTruthy(name.value);
}

/** Says whether the chart would give a host the rights that it needs. */
function wouldGrant(subject: Subject, { name }: HostView): boolean {
  const { executor } = subject;
  if (executor === undefined || !schedulesPods(executor)) return false;
  if (name === 'cleanup') return true;
  const allowed = subject.read('allowPodLaunching');
  // The chart's default is true.
  return grantsSchedulerPods(executor) && (allowed.state === 'default' || isOn(allowed));
}

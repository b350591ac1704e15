import * as l10n from '@vscode/l10n';
import type { DocumentLink } from 'vscode-languageserver-types';
import { tokenHosts } from '../chart/components';
import { tokenVolumeKey } from '../chart/settings';
import { parameterReference } from './markdown';
import { toFileRange } from './ranges';
import type { PartSnapshot } from './snapshot';

/** A link to the chart's documentation on each key `serviceAccountTokenVolume` of a component that can have one. */
export function getDocumentLinks({ values, excerpt }: PartSnapshot): DocumentLink[] {
  return tokenHosts.flatMap((host): DocumentLink[] => {
    const entry = values.ownEntry([host, 'serviceAccount', tokenVolumeKey]);
    if (!entry) return [];
    return [
      {
        range: toFileRange(excerpt, entry.key.range),
        target: `${parameterReference}#${host}`,
        tooltip: l10n.t('The parameters in the documentation of the chart'),
      },
    ];
  });
}

import { apiAccessLost } from './api-access-lost';
import { automountOffIgnored } from './automount-off-ignored';
import { automountedToken } from './automounted-token';
import { customAudience } from './custom-audience';
import { duplicateKey } from './duplicate-key';
import { duplicateMount } from './duplicate-mount';
import { emptyTokenVolume } from './empty-token-volume';
import { expirationOutOfRange } from './expiration-out-of-range';
import { handmadeTokenVolume } from './handmade-token-volume';
import { inertForExecutor } from './inert-for-executor';
import { inertWhileAutomounted } from './inert-while-automounted';
import { invalidType } from './invalid-type';
import { longLivedToken } from './long-lived-token';
import { misplacedTokenVolume } from './misplaced-token-volume';
import { mountPathConflict } from './mount-path-conflict';
import { mountPathInvalid } from './mount-path-invalid';
import { needlessAutomount } from './needless-automount';
import { needlessToken } from './needless-token';
import { nonstandardMountPath } from './nonstandard-mount-path';
import { nullAutomount } from './null-automount';
import { nullSection } from './null-section';
import { rbacDisabled } from './rbac-disabled';
import { removedExecutor } from './removed-executor';
import type { Rule } from './rule';
import { serviceAccountNotCreated } from './service-account-not-created';
import { unknownExecutor } from './unknown-executor';
import { unknownKey } from './unknown-key';
import { unsupportedChartVersion } from './unsupported-chart-version';
import { unsupportedComponent } from './unsupported-component';
import { unusedIgnore } from './unused-ignore';
import { volumeNameConflict } from './volume-name-conflict';
import { volumeNameInvalid } from './volume-name-invalid';

/** Every rule, in the order of the documentation: who holds a token first, then what Helm or Kubernetes rejects. */
export const allRules: readonly Rule[] = [
  automountedToken,
  inertWhileAutomounted,
  inertForExecutor,
  automountOffIgnored,
  serviceAccountNotCreated,
  apiAccessLost,
  handmadeTokenVolume,
  needlessToken,
  needlessAutomount,
  rbacDisabled,
  nullAutomount,
  emptyTokenVolume,
  nullSection,
  unknownExecutor,
  removedExecutor,
  duplicateKey,
  invalidType,
  expirationOutOfRange,
  mountPathInvalid,
  volumeNameInvalid,
  duplicateMount,
  volumeNameConflict,
  mountPathConflict,
  unknownKey,
  misplacedTokenVolume,
  unsupportedComponent,
  unsupportedChartVersion,
  nonstandardMountPath,
  customAudience,
  longLivedToken,
  unusedIgnore,
];

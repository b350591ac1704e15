import { apiAccessLost } from './api-access-lost';
import { automountOffIgnored } from './automount-off-ignored';
import { automountedToken } from './automounted-token';
import { customAudience } from './custom-audience';
import { emptyTokenVolume } from './empty-token-volume';
import { expirationOutOfRange } from './expiration-out-of-range';
import { inertForExecutor } from './inert-for-executor';
import { inertWhileAutomounted } from './inert-while-automounted';
import { invalidType } from './invalid-type';
import { longLivedToken } from './long-lived-token';
import { misplacedTokenVolume } from './misplaced-token-volume';
import { mountPathInvalid } from './mount-path-invalid';
import { needlessToken } from './needless-token';
import { nonstandardMountPath } from './nonstandard-mount-path';
import { nullAutomount } from './null-automount';
import type { Rule } from './rule';
import { unknownKey } from './unknown-key';
import { unsupportedComponent } from './unsupported-component';
import { volumeNameInvalid } from './volume-name-invalid';

/** Every rule, in the order of the documentation: who holds a token first, then what Helm or Kubernetes rejects. */
export const allRules: readonly Rule[] = [
  automountedToken,
  inertWhileAutomounted,
  inertForExecutor,
  automountOffIgnored,
  apiAccessLost,
  needlessToken,
  nullAutomount,
  emptyTokenVolume,
  invalidType,
  expirationOutOfRange,
  mountPathInvalid,
  volumeNameInvalid,
  unknownKey,
  misplacedTokenVolume,
  unsupportedComponent,
  nonstandardMountPath,
  customAudience,
  longLivedToken,
];

/** Values with one finding. */
export const finding = `scheduler:
  serviceAccount:
    automountServiceAccountToken: false
    serviceAccountTokenVolume:
      expirationSeconds: 60
`;

/** The same without. */
export const clean = finding.replace('60', '600');

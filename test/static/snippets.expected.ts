/**
 * What the language server says about each snippet, inserted with its defaults into an empty `values.yaml`:
 * the codes of its diagnostics, sorted.
 */
export const expectedDiagnostics: Readonly<Record<string, readonly string[]>> = {
  'satv-migrate-1': ['automounted-token'],
  'satv-migrate-2': ['automounted-token', 'inert-while-automounted'],
  'satv-migrate-3': [],
  'satv-executor-kubernetes': [],
  'satv-executor-celery': [],
  'satv-executor-celery-and-kubernetes': [],
  'satv-executor-celery-kubernetes': ['removed-executor'],
  'satv-executor-local-kubernetes': ['removed-executor'],
  'satv-basic': [],
  'satv-high-security': [],
  'satv-kyverno': [],
  'satv-custom-mount-path': ['nonstandard-mount-path'],
  'satv-development': [],
  'satv-production': [],
  'satv-debug': [],
  'satv-custom-audience': ['custom-audience'],
  'satv-multi-cluster': ['custom-audience'],
  'satv-external-security-tools': [],
  'satv-cleanup': [],
};

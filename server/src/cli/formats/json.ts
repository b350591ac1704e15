import type { Report } from '../report';

/** The findings as one JSON object, with ranges as LSP counts them. */
export function formatJson({ files }: Report): string {
  const findings = files.flatMap((file) =>
    file.findings.map(({ code, severity, message, range, related, fixes }) => ({
      path: file.path,
      code,
      severity,
      message,
      range,
      related: related.map((place) => ({ path: place.path, message: place.message, range: place.range })),
      fixes: fixes.map(({ title }) => title),
    })),
  );
  return `${JSON.stringify({ checked: files.length, findings }, null, 2)}\n`;
}

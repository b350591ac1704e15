import { readValues } from '../values/document';
import { wholeFile } from '../values/excerpt';
import type { Layer } from '../values/layers';
import type { ValuesLayer } from './exposure';
import { getPicture, type Picture } from './picture';
import type { Settings } from './settings';
import { createSnapshot } from './snapshot';

/**
 * Who holds a token where values files are laid over each other, for whoever has their texts only. Unlike a prediction of
 * what Helm makes of them, it neither asks the chart's schema nor whether the templates render.
 * @param layers The files in the order in which Helm is given them: later ones override earlier ones.
 * @param settings The settings, with the release of the chart.
 * @param name What to call them together.
 * @returns Undefined where the texts leave open what is deployed, and for no file.
 */
export function pictureOfLayers(
  layers: readonly ValuesLayer[],
  settings: Settings,
  name: string,
): Picture | undefined {
  const made = layers.map(({ path, text }): Layer => {
    const document = readValues(text);
    const excerpt = wholeFile(document);
    return { uri: path, version: null, name: path, document, excerpt, isOpen: false };
  });
  const top = made.at(-1);
  if (!top) return undefined;
  const stack = { name, layers: made, own: made.length - 1, release: settings.release };
  const { parts } = createSnapshot(
    { uri: top.uri, version: 0, values: top.document },
    settings,
    // No rule is asked, so none can fail.
    () => undefined,
    [{ excerpt: top.excerpt, stacks: [stack] }],
  );
  const [part] = parts;
  return part && getPicture(part, name);
}

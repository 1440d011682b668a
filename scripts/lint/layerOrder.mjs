import { dirname, join, relative } from 'node:path';

const lib = join(import.meta.dirname, '../../lib');

/** An ESLint rule: a file in `lib/` imports only from its own layer and from the layers before it. */
export function layerOrder(layers) {
  const layerOf = (file) => {
    const path = relative(lib, file);
    const found = layers.filter((layer) => `${path}/`.startsWith(`${layer}/`)).sort((a, b) => b.length - a.length)[0];
    return found === undefined ? undefined : layers.indexOf(found);
  };
  return {
    meta: {
      type: 'problem',
      schema: [],
      messages: { order: '{{from}} must not import from {{to}}: it comes later in the layers.' },
    },
    create(context) {
      const from = layerOf(context.filename);
      const check = (node) => {
        const specifier = node.source?.value;
        if (from === undefined || typeof specifier !== 'string' || !specifier.startsWith('.')) return;
        const to = layerOf(join(dirname(context.filename), specifier));
        if (to === undefined || to <= from) return;
        context.report({ node, messageId: 'order', data: { from: layers[from], to: layers[to] } });
      };
      return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
    },
  };
}

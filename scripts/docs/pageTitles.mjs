import { Converter } from 'typedoc';

/** A TypeDoc plugin that names each page by its first heading instead of its file. */
export function load({ converter }) {
  converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, page) => {
    const text = page.content.map(({ text }) => text).join('');
    page.name = /^# (.+)$/m.exec(text)?.[1] ?? page.name;
  });
}

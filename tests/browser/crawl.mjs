// Every kind of page that links lead to.

/** The kind of an address: identifiers and values are not what makes a page another one. */
export function kind(address) {
  const url = new URL(address);
  const path = url.pathname.replace(/[a-z2-7]{26}/g, ':id').replace(/\/\d+(?=\/|$)/g, '/:n');
  const query = [...url.searchParams.keys()].sort().join('&');
  return query ? `${path}?${query}` : path;
}

/** Calls `look(page, kind)` on pages that can be reached from `/`, `each` of a kind, and answers the kinds that were seen. */
export async function crawl(who, site, each, look) {
  const seen = new Map();
  const queue = [`${site.origin}/`];
  const known = new Set(queue);
  while (queue.length > 0) {
    const address = queue.shift();
    const sort = kind(address);
    const count = seen.get(sort) ?? 0;
    if (count >= each) continue;
    seen.set(sort, count + 1);
    const answer = await who.page.goto(address);
    if (!(answer.headers()['content-type'] ?? '').startsWith('text/html')) continue;
    await look(who.page, sort);
    const links = await who.page.$$eval('a[href]', (all) => all.filter((a) => !a.hasAttribute('download'))
      // Of a link in a picture, `href` is no text.
      .map((a) => new URL(a.getAttribute('href'), document.baseURI).href));
    for (const link of links) {
      const bare = link.split('#')[0];
      if (bare.startsWith(`${site.origin}/`) && !bare.includes('/api/') && !known.has(bare)) {
        known.add(bare);
        queue.push(bare);
      }
    }
  }
  return seen;
}

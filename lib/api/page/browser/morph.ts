/**
 * Makes one DOM tree equal to another, and changes only what differs, so that a refresh keeps scroll position, focus
 * and selection. Elements are matched by `id` or `data-key`. An element with `data-keep` is not changed, since a script
 * owns it; the same is true for the attributes named in `data-own`.
 */

export function morph(from: Element, to: Element): void {
  if (from.hasAttribute('data-keep') || from.isEqualNode(to)) return;
  morphAttributes(from, to);
  morphChildren(from, to);
}

function morphAttributes(from: Element, to: Element): void {
  const own = new Set(['data-own', 'open', ...(from.getAttribute('data-own')?.split(' ') ?? [])]);
  for (const { name, value } of [...to.attributes]) {
    if (!own.has(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    if (!own.has(name) && !to.hasAttribute(name)) from.removeAttribute(name);
  }
}

function morphChildren(from: Element, to: Element): void {
  const wanted = new Set([...to.children].flatMap((child) => keyOf(child) ?? []));
  const kept = new Map<string, Element>();
  for (const child of [...from.children]) {
    const key = keyOf(child);
    if (key === null) continue;
    // Remove elements that are gone first. Then elements that stay in order are never moved, and keep their focus.
    if (wanted.has(key)) kept.set(key, child);
    else child.remove();
  }
  let next: ChildNode | null = from.firstChild;
  for (const target of [...to.childNodes]) {
    const key = target instanceof Element ? keyOf(target) : null;
    const match = key === null ? (isLike(next, target) ? next : null) : (kept.get(key) ?? null);
    if (match === null) {
      from.insertBefore(target.cloneNode(true), next);
      continue;
    }
    if (match instanceof Element && key !== null) next = removeUnkeyedBefore(next, match);
    if (match === next) next = next.nextSibling;
    else from.insertBefore(match, next);
    update(match, target);
  }
  while (next) {
    const after: ChildNode | null = next.nextSibling;
    next.remove();
    next = after;
  }
}

/** Removes text and elements without a key that stand before a matched element. @returns The first node that stays. */
function removeUnkeyedBefore(next: ChildNode | null, match: Element): ChildNode | null {
  let first = next;
  while (first && first !== match && !(first instanceof Element && keyOf(first) !== null)) {
    const after: ChildNode | null = first.nextSibling;
    first.remove();
    first = after;
  }
  return first;
}

function update(from: ChildNode, to: ChildNode): void {
  if (from instanceof Element && to instanceof Element) morph(from, to);
  else if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
}

/** Whether a node without a key can be changed into the target. */
function isLike(from: ChildNode | null, to: ChildNode): from is ChildNode {
  if (from?.nodeType !== to.nodeType || from.nodeName !== to.nodeName) return false;
  return !(from instanceof Element) || keyOf(from) === null;
}

function keyOf(element: Element): string | null {
  return element.id || element.getAttribute('data-key');
}

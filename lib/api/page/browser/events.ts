/** What the page's scripts tell each other. */

/** The page has new figures. */
export const REFRESHED = 'page:refreshed';

/** Events between the page's scripts. */

/** The page has new figures. */
export const REFRESHED = 'page:refreshed';

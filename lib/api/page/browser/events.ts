/** Events by which the page's scripts notify each other. */

/** Sent after the page got new figures. */
export const REFRESHED = 'page:refreshed';

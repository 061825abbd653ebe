/** An address as people say it. */
export const bare = (url: string): string => url.replace(/^https?:\/\//, "");

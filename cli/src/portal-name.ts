/** `https://acme.awsapps.com/start` → `acme`. */
export const portalName = (startUrl: string): string => new URL(startUrl).hostname.split(".")[0]!;

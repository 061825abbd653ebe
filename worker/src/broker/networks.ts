import type { Networks } from "@jcfetch/shared/protocol/policy";
import ipaddr from "ipaddr.js";

/** Where the platform saw a caller. What it does not know is `null`. */
export interface Place {
  readonly address: string | null;
  readonly country: string | null;
  readonly asn: number | null;
}

/** [PO3] Every kind that names something must agree; a place of which we know nothing agrees with none. */
export function isNetworkAllowed({ countries, asns, cidrs }: Networks, place: Place): boolean {
  const { address, country, asn } = place;
  const isCountryRight = countries.length === 0 || (country !== null && countries.includes(country));
  const isSystemRight = asns.length === 0 || (asn !== null && asns.includes(asn));
  const isAddressRight =
    cidrs.length === 0 || (address !== null && cidrs.some((cidr) => isWithin(address, cidr)));
  return isCountryRight && isSystemRight && isAddressRight;
}

/** An IPv4 address that comes mapped into IPv6 is the IPv4 address. A prefix that is none holds nothing. */
function isWithin(address: string, cidr: string): boolean {
  if (!ipaddr.isValid(address) || !ipaddr.isValidCIDR(cidr)) return false;
  const seen = ipaddr.process(address);
  const [network, bits] = ipaddr.parseCIDR(cidr);
  return seen.kind() === network.kind() && seen.match(network, bits);
}

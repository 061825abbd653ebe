/** Where the broker's own calls go. The Worker does not know: it calls AWS by name. */
export type Egress =
  | { readonly kind: "internet" }
  /** Every call goes to this loopback port over plain HTTP, with its real `Host`: the simulator's place. */
  | { readonly kind: "loopback"; readonly port: number };

export interface LocalConfig {
  readonly port: number;
  /** File name of the bundle, beside the configuration. */
  readonly module: string;
  /** Folder of the objects' databases. */
  readonly objectsDir: string;
  readonly egress: Egress;
  readonly compatibilityDate: string;
  /** Settings of the Worker that are no secrets. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The settings workerd takes from its environment: an argument would show in the process list. */
export const SECRET_NAMES = ["BROKER_SIGNING_KEY", "BROKER_ROOT_KEY", "ENROLMENT_KEY"] as const;
export type SecretName = (typeof SECRET_NAMES)[number];

const CLASSES = ["Vault", "Mailbox", "Ticket", "Keys"] as const;

const text = (value: string): string => JSON.stringify(value);

/**
 * Configuration of `workerd serve` for one broker on this host: one socket on the loopback, nothing else that listens,
 * and no way out into the local network.
 * @source workerd.capnp of the installed workerd.
 */
export function localConfig(broker: LocalConfig): string {
  const { port, module, objectsDir, egress, compatibilityDate, settings = { LOCAL: "1" } } = broker;
  const plain = Object.entries(settings).map(
    ([name, value]) => `(name = ${text(name)}, text = ${text(value)})`,
  );
  const secrets = SECRET_NAMES.map((name) => `(name = ${text(name)}, fromEnvironment = ${text(name)})`);
  const namespaces = CLASSES.map(
    (name) => `(name = ${text(name.toUpperCase())}, durableObjectNamespace = ${text(name)})`,
  );
  const objects = CLASSES.map(
    (name) =>
      `(className = ${text(name)}, uniqueKey = ${text(`jcfetch-${name.toLowerCase()}`)}, enableSql = true)`,
  );
  const outside =
    egress.kind === "internet"
      ? `network = (allow = ["public"], tlsOptions = (trustBrowserCas = true))`
      : `external = (address = ${text(`127.0.0.1:${egress.port}`)}, http = ())`;
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "broker", worker = .broker),
    (name = "objects", disk = (path = ${text(objectsDir)}, writable = true)),
    (name = "outside", ${outside}),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "broker")],
);

const broker :Workerd.Worker = (
  modules = [(name = "index.js", esModule = embed ${text(module)})],
  compatibilityDate = ${text(compatibilityDate)},
  bindings = [
    ${[...plain, ...secrets, ...namespaces].join(",\n    ")},
  ],
  durableObjectNamespaces = [
    ${objects.join(",\n    ")},
  ],
  durableObjectStorage = (localDisk = "objects"),
  globalOutbound = "outside",
);
`;
}

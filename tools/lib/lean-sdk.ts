import type { Plugin } from "esbuild";

/**
 * The AWS SDK's clients for Node come with every way in which AWS's own tools find credentials and settings, in files and in
 * the environment: a third of a megabyte that must not even be asked. The same clients for browsers take what they are given.
 */
export const leanSdk: Plugin = {
  name: "lean-sdk",
  setup(build) {
    build.onResolve({ filter: /\/runtimeConfig$/ }, ({ importer, path, resolveDir, kind }) =>
      /[\\/]@aws-sdk[\\/]client-sso/.test(importer)
        ? build.resolve(`${path}.browser`, { importer, resolveDir, kind })
        : undefined,
    );
  },
};

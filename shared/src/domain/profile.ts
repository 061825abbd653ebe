import * as v from "valibot";

/**
 * A profile name that every reader of `~/.aws/config` takes without quoting.
 * @source botocore reads section names with shlex; brackets and quotes end or split them.
 */
export const ProfileName = v.pipe(
  v.string(),
  v.regex(
    /^[\w.@:/+=,-]{1,128}$/,
    "a profile name has letters, digits and . _ @ : / + = , -, without spaces",
  ),
  v.brand("ProfileName"),
);
export type ProfileName = v.InferOutput<typeof ProfileName>;

/* There so that the extension has a background; its attacks run in its page and in its content script. */
globalThis.started = true;

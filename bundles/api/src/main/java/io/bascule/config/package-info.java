/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Reading a component's configuration by hand: every error is collected and said in one sentence, so that whoever edits a file sees all of
 * them at once. It starts nothing and logs nothing. What is configured can be asked of Configuration Admin, too.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.bascule.config;

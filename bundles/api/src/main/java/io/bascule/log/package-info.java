/* SPDX-License-Identifier: Apache-2.0 */
/** What the log says of those who can make it say something as often as they like. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.bascule.log;

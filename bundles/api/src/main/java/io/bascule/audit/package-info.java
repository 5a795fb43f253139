/* SPDX-License-Identifier: Apache-2.0 */
/** What is to be known afterwards: who came in, who was kept out, and what was changed. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.bascule.audit;

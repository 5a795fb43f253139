/* SPDX-License-Identifier: Apache-2.0 */
/** Owning and giving back: one scope per component instance, and the proof that it is empty. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.bascule.resource;

/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a bundle needs to publish, subscribe and look around inside the broker, in the same JVM. These are services to use, not to
 * implement; what others implement is in {@code io.bascule.spi}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.3.0")
package io.bascule.api;

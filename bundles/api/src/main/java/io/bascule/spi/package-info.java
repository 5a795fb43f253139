/* SPDX-License-Identifier: Apache-2.0 */
/** What others implement and register as OSGi services, for the broker to pick up. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package io.bascule.spi;

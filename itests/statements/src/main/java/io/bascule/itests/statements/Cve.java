/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.statements;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which vulnerabilities of other brokers a test would have caught, had it been theirs, by their identifiers, such as {@code CVE-2017-7651}.
 * {@code docs/cves.md} is made from these annotations, and a test of the build fails where it does not agree with them, where an identifier is
 * not in its list, or where one that can apply to us has no test.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS) // read from the class files: no test needs it when it runs
public @interface Cve {

    /** Identifiers in the list of {@code itests/conformance}. */
    String[] value();
}

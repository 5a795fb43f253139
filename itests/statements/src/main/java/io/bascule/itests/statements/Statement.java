/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.statements;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which normative statements a test shows, by the identifiers of the two specifications: the same identifier means different things in
 * each. {@code docs/conformance.md} is made from these annotations, and a test of the build fails where it does not agree with them or
 * where a statement does not exist.
 *
 * <p>A test shows a statement when it fails on a server that does not keep to it.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.CLASS) // read from the class files: no test needs it when it runs
public @interface Statement {

    /** Statements of MQTT 5.0, such as {@code MQTT-3.1.0-1}. */
    String[] v5() default {};

    /** Statements of MQTT 3.1.1. */
    String[] v311() default {};
}

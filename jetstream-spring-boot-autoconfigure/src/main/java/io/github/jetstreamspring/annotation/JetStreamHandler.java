/*
 * Copyright 2026-present the JetStream Spring Boot authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.jetstreamspring.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.messaging.handler.annotation.MessageMapping;

/**
 * Marks a method of a class with {@link JetStreamListener @JetStreamListener} that
 * handles some of its messages: those whose type is the one that the method takes as its
 * payload, or one below it, and whose subject is one of {@link #subjects()}. Of several
 * methods that a message fits, the one with the most specific type gets it.
 * <p>
 * The type of a message is a name in its header {@code Message-Type}. A message without
 * one fits the methods that its subject fits.
 * <p>
 * Otherwise the method is as one with {@code @JetStreamListener} of its own.
 *
 * @since 0.1.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@MessageMapping
public @interface JetStreamHandler {

	/**
	 * Subjects of the messages that the method handles, all of the listener's if there
	 * are none. They may have wildcards, and take placeholders ({@code ${…}}) and SpEL
	 * ({@code #{…}}).
	 * @return the subjects
	 */
	String[] subjects() default {};

	/**
	 * Whether the method handles the messages that no other one does. Without such a
	 * method they become dead letters.
	 * @return whether it does
	 */
	boolean isDefault() default false;

}

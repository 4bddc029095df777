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

package io.github.jetstreamspring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.github.jetstreamspring.annotation.JetStreamListener;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of listeners alone: the starter, message converters, validation, what extends
 * the starter (interceptors, retry policies, dead-letter handlers, definitions of
 * streams), the application's {@code application.yml}, and the listeners that are named;
 * nothing else. What these need besides is given by {@code @MockitoBean} or
 * {@code @Import}.
 * <p>
 * There is no server: a {@link ListenerHarness} delivers messages, and what is published
 * is recorded. With {@link EmbeddedNats @EmbeddedNats} beside it there is one, and no
 * harness.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(JetStreamTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(JetStreamTypeExcludeFilter.class)
@AutoConfigureJetStream
@ImportAutoConfiguration
public @interface JetStreamTest {

	/**
	 * Alias for {@link #listeners()}.
	 * @return the classes
	 */
	@AliasFor("listeners")
	Class<?>[] value() default {};

	/**
	 * The classes with {@link JetStreamListener @JetStreamListener} methods that are to
	 * be there. They need not be components. Without any, those are there that the
	 * application has among its components.
	 * @return the classes
	 */
	@AliasFor("value")
	Class<?>[] listeners() default {};

	/**
	 * Properties that the application's configuration has besides, such as
	 * {@code "jetstream.listener.retry.max-attempts=3"}.
	 * @return the properties, as {@code key=value}
	 */
	String[] properties() default {};

	/**
	 * Whether components that are part of the slice are found by themselves.
	 * @return {@code false} if only those are to be there that {@link #includeFilters()}
	 * let in
	 */
	boolean useDefaultFilters() default true;

	/**
	 * Lets in components that are not part of the slice.
	 * @return the filters
	 */
	Filter[] includeFilters() default {};

	/**
	 * Keeps out components that are part of the slice.
	 * @return the filters
	 */
	Filter[] excludeFilters() default {};

	/**
	 * Auto-configurations to keep out.
	 * @return the classes
	 */
	@AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
	Class<?>[] excludeAutoConfiguration() default {};

}

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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.jetstreamspring.annotation.handler.ProblemCollector;
import io.github.jetstreamspring.listener.DeliveryInterceptor;
import io.github.jetstreamspring.listener.ListenerErrorHandler;
import io.github.jetstreamspring.listener.ListenerOptions;
import io.github.jetstreamspring.listener.RetryPolicy;
import io.github.jetstreamspring.messaging.SimilarNames;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.StringUtils;

/**
 * Finds the beans that the settings of a listener name.
 */
final class NamedBeans {

	private static final String ANNOTATION = "@JetStreamListener";

	private final ConfigurableListableBeanFactory beanFactory;

	private final ListenerOptions options;

	private final Map<String, String> sources;

	private final ProblemCollector problems;

	/**
	 * Creates a search.
	 * @param beanFactory has the beans
	 * @param options the listener's options
	 * @param sources where they come from, by their keys
	 * @param problems takes what is wrong with a name
	 */
	NamedBeans(ConfigurableListableBeanFactory beanFactory, ListenerOptions options, Map<String, String> sources,
			ProblemCollector problems) {
		this.beanFactory = beanFactory;
		this.options = options;
		this.sources = sources;
		this.problems = problems;
	}

	@Nullable MessageConverter converter() {
		return find("converter", this.options.converter(), MessageConverter.class).orElse(null);
	}

	List<DeliveryInterceptor> interceptors() {
		List<DeliveryInterceptor> interceptors = new ArrayList<>();
		List<String> names = this.options.interceptors();
		if (names != null) {
			names.forEach((name) -> find("interceptors", name, DeliveryInterceptor.class).ifPresent(interceptors::add));
		}
		return interceptors;
	}

	@Nullable ListenerErrorHandler errorHandler() {
		return find("error-handler", this.options.errorHandler(), ListenerErrorHandler.class).orElse(null);
	}

	@Nullable RetryPolicy retryPolicy(@Nullable String name) {
		return find("retry.policy", name, RetryPolicy.class).orElse(null);
	}

	private <T> Optional<T> find(String key, @Nullable String name, Class<T> type) {
		if (!StringUtils.hasText(name)) {
			return Optional.empty();
		}
		if (!this.beanFactory.containsBean(name)) {
			List<String> known = Arrays
				.asList(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, type));
			this.problems.add(
					"%s names the bean '%s', which there isn't; the beans of type %s are %s%s".formatted(place(key),
							name, type.getSimpleName(), known, SimilarNames.question(name, known)),
					"Correct the name, or define a bean of type %s with it.".formatted(type.getName()));
			return Optional.empty();
		}
		Object bean = this.beanFactory.getBean(name);
		if (!type.isInstance(bean)) {
			this.problems.add(
					"%s names the bean '%s', which is a %s and no %s".formatted(place(key), name,
							bean.getClass().getName(), type.getSimpleName()),
					"Name a bean of type %s.".formatted(type.getName()));
			return Optional.empty();
		}
		return Optional.of(type.cast(bean));
	}

	private String place(String key) {
		String source = this.sources.getOrDefault(key, ANNOTATION);
		return source.equals(ANNOTATION) ? "attribute '%s'".formatted(attribute(key)) : source + "." + key;
	}

	private static String attribute(String key) {
		return switch (key) {
			case "error-handler" -> "errorHandler";
			case "retry.policy" -> "retryPolicy";
			default -> key;
		};
	}

}

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

import java.util.List;

import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * The server that a test class asks for.
 *
 * @param version the minor version, or an empty text for any
 * @param servers how many
 * @param config further lines of its configuration
 * @param shared whether it may be shared
 */
record NatsServerRequest(String version, int servers, List<String> config, boolean shared) {

	private static final NatsServerRequest ANY = new NatsServerRequest("", 1, List.of(), true);

	/**
	 * Returns what a test class, or what it is nested in, is annotated with.
	 */
	static MergedAnnotation<EmbeddedNats> annotation(Class<?> testClass) {
		return MergedAnnotations.search(SearchStrategy.TYPE_HIERARCHY)
			.withEnclosingClasses(ClassUtils::isInnerClass)
			.from(testClass)
			.get(EmbeddedNats.class);
	}

	/**
	 * Returns what a test class asks for; any server if it isn't annotated.
	 */
	static NatsServerRequest of(Class<?> testClass) {
		MergedAnnotation<EmbeddedNats> annotation = annotation(testClass);
		return annotation.isPresent() ? of(annotation.synthesize()) : ANY;
	}

	static NatsServerRequest of(EmbeddedNats annotation) {
		Assert.isTrue(annotation.servers() > 0,
				() -> "@EmbeddedNats(servers = %d): at least one server is needed".formatted(annotation.servers()));
		return new NatsServerRequest(annotation.version(), annotation.servers(), List.of(annotation.config()),
				annotation.shared());
	}

	NatsServerExecutable executable() {
		return StringUtils.hasText(this.version) ? NatsServerExecutable.ofVersion(this.version)
				: NatsServerExecutable.find(null);
	}

	boolean isCluster() {
		return this.servers > 1;
	}

	EmbeddedNatsCluster startCluster() {
		return EmbeddedNatsCluster.start(executable().path(), this.servers, this.config);
	}

	EmbeddedNatsServer startServer() {
		if (this.shared && this.config.isEmpty() && !StringUtils.hasText(this.version)) {
			return SharedNatsServers.next();
		}
		return EmbeddedNatsServer.builder()
			.executable(executable().path())
			.config(this.config.toArray(String[]::new))
			.start();
	}

}

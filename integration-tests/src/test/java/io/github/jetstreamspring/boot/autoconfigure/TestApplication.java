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

package io.github.jetstreamspring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application as users have it: everything is auto-configured.
 */
final class TestApplication {

	private TestApplication() {
	}

	/**
	 * Starts the application as {@link SpringApplication} does, with a failure analysis
	 * in the log when that fails.
	 * @param url the server's URL
	 * @param properties further properties, as {@code key=value}
	 * @return the running application
	 */
	static ConfigurableApplicationContext run(String url, String... properties) {
		return run(List.of(), url, properties);
	}

	static ConfigurableApplicationContext run(List<Class<?>> sources, String url, String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--jetstream.servers=" + url));
		List.of(properties).forEach((property) -> arguments.add("--" + property));
		return new SpringApplicationBuilder(Configuration.class).sources(sources.toArray(Class<?>[]::new))
			.web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Configuration {

	}

}

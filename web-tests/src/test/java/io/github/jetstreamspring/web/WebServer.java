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

package io.github.jetstreamspring.web;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * What an application is served by.
 */
public enum WebServer {

	/**
	 * The default of Spring MVC.
	 */
	TOMCAT(WebApplicationType.SERVLET),

	/**
	 * A servlet container below WebFlux.
	 */
	TOMCAT_WITH_WEBFLUX(WebApplicationType.REACTIVE,
			"org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration",
			"org.springframework.boot.reactor.netty.autoconfigure.actuate.web.server.NettyReactiveManagementContextAutoConfiguration"),

	/**
	 * The default of WebFlux.
	 */
	NETTY(WebApplicationType.REACTIVE,
			"org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration",
			"org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatReactiveManagementContextAutoConfiguration");

	private static final String EXCLUDE = "spring.autoconfigure.exclude";

	private final WebApplicationType type;

	// All servers are on the class path
	private final List<String> others;

	WebServer(WebApplicationType type, String... others) {
		this.type = type;
		this.others = List.of(others);
	}

	/**
	 * Returns an application that is served by it. Starts with the {@link #choice()}.
	 * @param source its configuration
	 */
	public SpringApplicationBuilder application(Class<?> source) {
		SpringApplicationBuilder application = new SpringApplicationBuilder(source).web(this.type);
		return (this == NETTY) ? application.sources(OwnResources.class) : application;
	}

	/**
	 * Returns the argument of an application that keeps the other servers away, and what
	 * all tests do without.
	 */
	public String choice() {
		return argument(Stream.concat(Stream.of(System.getProperty(EXCLUDE, "")), this.others.stream()));
	}

	/**
	 * Returns the same for an application that has a tracer.
	 */
	String choiceWithTracer() {
		return argument(this.others.stream());
	}

	private static String argument(Stream<String> excluded) {
		return excluded.filter((name) -> !name.isEmpty()).collect(Collectors.joining(",", "--" + EXCLUDE + "=", ""));
	}

	/**
	 * Threads of an application alone: as soon as one ends that shares them, the servers
	 * of all others are gone.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OwnResources {

		@Bean
		ReactorResourceFactory reactorResources() {
			ReactorResourceFactory resources = new ReactorResourceFactory();
			resources.setUseGlobalResources(false);
			resources.setShutdownQuietPeriod(Duration.ZERO);
			return resources;
		}

	}

}

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
package io.github.jetstreamspring.boot.console;

import java.util.Optional;

import jakarta.servlet.Servlet;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.function.support.HandlerFunctionAdapter;
import org.springframework.web.servlet.function.support.RouterFunctionMapping;

/**
 * The console on the port of Actuator, where that is another one than the application's.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnBean(ConsoleHandler.class)
class ConsoleManagementConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.SERVLET)
	@ConditionalOnClass({ Servlet.class, DispatcherServlet.class })
	static class ServletConfiguration {

		@Bean
		RouterFunctionMapping jetStreamConsoleMapping(ConsoleProperties properties, ConsoleHandler handler,
				LiveUpdates live, Environment environment, ListableBeanFactory beanFactory) {
			RouterFunctionMapping mapping = new RouterFunctionMapping(
					ConsoleSwitch.isOn(properties, environment, beanFactory)
							? new ServletConsole(new ConsolePath(properties.path()), handler, live)
							: (request) -> Optional.empty());
			// Before that of static resources, which takes all paths
			mapping.setOrder(-1);
			return mapping;
		}

		@Bean
		HandlerFunctionAdapter jetStreamConsoleAdapter() {
			return new HandlerFunctionAdapter();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	@ConditionalOnClass(RouterFunction.class)
	static class ReactiveConfiguration {

		@Bean
		RouterFunction<org.springframework.web.reactive.function.server.ServerResponse> jetStreamConsole(
				ConsoleProperties properties, ConsoleHandler handler, LiveUpdates live, Environment environment,
				ListableBeanFactory beanFactory) {
			return ConsoleSwitch.isOn(properties, environment, beanFactory)
					? new ReactiveConsole(new ConsolePath(properties.path()), handler, live)
					: (request) -> reactor.core.publisher.Mono.empty();
		}

	}

}

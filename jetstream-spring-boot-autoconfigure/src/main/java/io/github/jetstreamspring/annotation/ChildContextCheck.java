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

import java.util.List;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Ends the start of a child context with listener methods that nobody looks for there: a
 * post-processor sees the beans of its own context only.
 */
final class ChildContextCheck implements ApplicationListener<ContextRefreshedEvent> {

	private final ListenerAnnotations annotations = new ListenerAnnotations();

	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		if (event.getApplicationContext() instanceof ConfigurableApplicationContext context) {
			ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
			if (beanFactory.getBeanNamesForType(ListenerMethodPostProcessor.class, true, false).length == 0) {
				List<ListenerProblem> problems = new ListenerBeanSearch(beanFactory, this.annotations).refuseAll(
						"it is in the child context '%s', where nobody looks for listeners"
							.formatted(context.getDisplayName()),
						"Add @EnableJetStream to a configuration class of the child context, or move the bean to the parent.");
				if (!problems.isEmpty()) {
					throw new ListenerConfigurationException(problems);
				}
			}
		}
	}

}

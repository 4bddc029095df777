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

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.beans.factory.support.ScopeNotActiveException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds beans with listener methods that are not made by themselves when the application
 * starts: lazy ones, those of factory beans, and those in scopes. And says which ones
 * can't be listeners, so that no annotation is ignored in silence.
 */
final class ListenerBeanSearch {

	private static final Log logger = LogFactory.getLog(ListenerBeanSearch.class);

	private final ConfigurableListableBeanFactory beanFactory;

	private final ListenerAnnotations annotations;

	private final Set<String> searched = ConcurrentHashMap.newKeySet();

	ListenerBeanSearch(ConfigurableListableBeanFactory beanFactory, ListenerAnnotations annotations) {
		this.beanFactory = beanFactory;
		this.annotations = annotations;
	}

	/**
	 * Returns whether a bean that is being made is one of possibly many with its name.
	 * @param bean the bean
	 * @param name its name
	 * @return whether it is
	 */
	boolean isOneOfMany(Object bean, String name) {
		if (!this.beanFactory.containsBeanDefinition(name)) {
			return false;
		}
		// A factory bean that is being made can't be asked about what it makes
		return !((bean instanceof FactoryBean) ? this.beanFactory.getMergedBeanDefinition(name).isSingleton()
				: this.beanFactory.isSingleton(name));
	}

	/**
	 * Searches all bean definitions. Makes the beans that are lazy: without them there
	 * would be no listener.
	 * @param problems takes what is wrong
	 * @return the listener beans in scopes
	 */
	List<ListenerBean> searchAll(List<ListenerProblem> problems) {
		List<ListenerBean> scoped = new ArrayList<>();
		for (String name : this.beanFactory.getBeanDefinitionNames()) {
			Class<?> type = listenerType(name);
			if (type == null) {
				continue;
			}
			if (this.beanFactory.isSingleton(name)) {
				this.beanFactory.getBean(name);
			}
			else {
				ListenerBean bean = search(name, type, () -> this.beanFactory.getBean(name), problems);
				if (bean != null) {
					scoped.add(bean);
				}
			}
		}
		return scoped;
	}

	/**
	 * Searches a bean definition that is no singleton, unless it has been searched.
	 * @param name the bean's name
	 * @param type its class
	 * @param instance returns an object that the bean has now
	 * @param problems takes what is wrong
	 * @return the listener bean, or {@code null} if it is known or can't be one
	 */
	@Nullable ListenerBean search(String name, Class<?> type, Supplier<Object> instance, List<ListenerProblem> problems) {
		// First of all, as an instance that is made for this comes here too
		if (!this.searched.add(name)) {
			return null;
		}
		boolean behindProxy = ScopedProxyUtils.isScopedTarget(name);
		String bean = behindProxy ? ScopedProxyUtils.getOriginalBeanName(name) : name;
		String scope = this.beanFactory.getMergedBeanDefinition(name).getScope();
		boolean prototype = BeanDefinition.SCOPE_PROTOTYPE.equals(scope)
				|| BeanDefinition.SCOPE_SINGLETON.equals(scope);
		if (prototype && !behindProxy) {
			add(type, problems,
					"bean '%s' is a prototype, and each of its instances would be a listener with the same id"
						.formatted(name),
					"Make it a singleton; or, to have a new instance for each message, give it a scoped proxy: @Scope(scopeName = \"prototype\", proxyMode = ScopedProxyMode.TARGET_CLASS).");
			return null;
		}
		try {
			// Also to see that the scope is there when messages come
			Class<?> userType = prototype ? ClassUtils.getUserClass(type)
					: AopProxyUtils.ultimateTargetClass(instance.get());
			if (!behindProxy) {
				return ListenerBean.scoped(name, userType, this.beanFactory);
			}
			// It may do more than look for the object, such as lock it
			return ListenerBean.of(bean, this.beanFactory.getBean(bean), userType);
		}
		catch (ScopeNotActiveException | IllegalStateException ex) {
			add(type, problems,
					"bean '%s' is in the scope '%s', which isn't active where messages are handled: %s".formatted(bean,
							scope, NestedExceptionUtils.getMostSpecificCause(ex).getMessage()),
					"Move the method to a singleton.");
			return null;
		}
	}

	/**
	 * Says of all beans that have listener methods that they can't be listeners.
	 * @param description why not
	 * @param fix what to do
	 * @return what is to be said
	 */
	List<ListenerProblem> refuseAll(String description, String fix) {
		List<ListenerProblem> problems = new ArrayList<>();
		for (String name : this.beanFactory.getBeanDefinitionNames()) {
			Class<?> type = listenerType(name);
			if (type != null) {
				add(type, problems, description, fix);
			}
		}
		return problems;
	}

	/**
	 * Warns of objects that have listener methods, but didn't come from the bean factory
	 * in a way that lets them be listeners.
	 * @param listeners the beans that are listeners
	 */
	void warnOfOthers(List<ListenerBean> listeners) {
		Set<String> known = new HashSet<>();
		for (ListenerBean listener : listeners) {
			known.add(listener.name());
		}
		for (String name : this.beanFactory.getSingletonNames()) {
			Object bean = this.beanFactory.getSingleton(name);
			if (bean != null && !(bean instanceof AopInfrastructureBean) && !known.contains(name)
					&& this.annotations.isOn(AopProxyUtils.ultimateTargetClass(bean))) {
				logger.warn(
						"Bean '%s' (%s) has @JetStreamListener methods, but gets no messages: it was registered by hand, as mocks are, or made too early, as it is needed by a BeanPostProcessor. To make it a listener, define it as a bean that no BeanPostProcessor depends on"
							.formatted(name, AopProxyUtils.ultimateTargetClass(bean).getName()));
			}
		}
	}

	private @Nullable Class<?> listenerType(String name) {
		try {
			BeanDefinition definition = this.beanFactory.getMergedBeanDefinition(name);
			return definition.isAbstract() ? null : listenerType(name, definition);
		}
		catch (RuntimeException | LinkageError ex) {
			// A lazy bean whose class can't be loaded, and that nobody wants
			logger.debug("The type of bean '%s' can't be told".formatted(name), ex);
			return null;
		}
	}

	private @Nullable Class<?> listenerType(String name, BeanDefinition definition) {
		Object made = this.beanFactory.containsSingleton(name) ? this.beanFactory.getSingleton(name) : null;
		if (made != null && !(made instanceof FactoryBean)) {
			return listenerType(Set.of(AopProxyUtils.ultimateTargetClass(made)));
		}
		// What it declares comes first, as it costs least
		Class<?> declared = this.beanFactory.getType(name, false);
		Class<?> type = (declared != null) ? listenerType(Set.of(declared)) : null;
		return (type != null) ? type : listenerType(returnedTypes(name, definition));
	}

	private @Nullable Class<?> listenerType(Set<Class<?>> types) {
		for (Class<?> type : types) {
			if (!AopInfrastructureBean.class.isAssignableFrom(type) && this.annotations.isOn(type)) {
				return type;
			}
		}
		return null;
	}

	private Set<Class<?>> returnedTypes(String name, BeanDefinition definition) {
		Method method = (definition instanceof RootBeanDefinition root) ? root.getResolvedFactoryMethod() : null;
		if (this.beanFactory.isFactoryBean(name)) {
			Class<?> factory = this.beanFactory.getType(BeanFactory.FACTORY_BEAN_PREFIX + name, false);
			method = (factory != null) ? ReflectionUtils.findMethod(factory, "getObject") : null;
		}
		return (method != null) ? ReturnedTypes.of(method) : Set.of();
	}

	private void add(Class<?> type, List<ListenerProblem> problems, String description, String fix) {
		for (ListenerDeclaration declaration : ListenerDeclaration.of(ListenerBean.of(type.getName(), type, type),
				this.annotations)) {
			problems.add(new ListenerProblem(declaration.toString(), declaration.listener(), description, fix));
		}
	}

}

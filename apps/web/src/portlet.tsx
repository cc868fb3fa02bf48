import 'virtual:slds-portlet.css';
import './styles/base.css';
import './styles/portlet.css';
